import type { ComponentChildren } from 'preact';
import type { Frame } from '../../drivers/driver.ts';
import type { Control } from '../control.ts';
import type { Snapshot } from '../telemetry.ts';
import type { State } from './state.ts';

/** One part of the page: one file under panels/, one line in panels.ts. */
export type Panel = {
  readonly id: string;
  readonly title: string;
  readonly column: 'scene' | 'charts';
  /** Whether there is something to show; always, unless given. */
  readonly when?: (state: State) => boolean;
  readonly View: (props: PanelProps) => ComponentChildren;
};

export type PanelProps = {
  readonly state: State;
  readonly snapshot: Snapshot;
  readonly send: (control: Control) => void;
  readonly goal: (frame: Frame) => void;
};

/** Is it an agent's run that is shown, and not a simulated world alone? */
export const isAgent = ({ stage }: State): boolean => stage === undefined;
