import type { ComponentChildren } from 'preact';
import type { Snapshot } from '../telemetry.ts';
import type { State } from './state.ts';

/** One part of the page: one file under panels/, one line in panels.ts. */
export type Panel = {
  readonly id: string;
  readonly title: string;
  readonly column: 'scene' | 'charts';
  readonly View: (props: PanelProps) => ComponentChildren;
};

export type PanelProps = { readonly state: State; readonly snapshot: Snapshot };
