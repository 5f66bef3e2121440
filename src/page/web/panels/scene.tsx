import { cameraChannels } from '../../telemetry.ts';
import { GoalPicker } from '../goal-picker.tsx';
import { GoalWords } from '../goal-words.tsx';
import { Overlay } from '../overlay.tsx';
import type { Panel } from '../panel.ts';
import { Picture } from '../picture.tsx';

export const scene: Panel = {
  id: 'scene',
  title: 'Camera and goal',
  column: 'scene',
  View: ({ state: { frames, paths }, snapshot: { goalSize, cameras = [], sayings, asked, said }, goal, send }) => (
    <div class="views">
      <figure class="camera">
        <figcaption>
          <h2>{named(cameras[0])}</h2>
        </figcaption>
        <div class="stack">
          <Picture id="camera" frame={frames.camera} label="What the robot sees now" />
          <Overlay paths={paths} />
        </div>
        {said && <p class="aside">It sees: {said.seen}.</p>}
      </figure>
      <div class="beside">
        <figure>
          <figcaption>
            <h2>{asked === undefined ? 'Goal picture' : 'Goal, from memory'}</h2>
          </figcaption>
          <div class="stack">
            <Picture id="goal" frame={frames.goal} label="What the robot wants to see" />
          </div>
          {asked !== undefined && <p class="aside">Asked for: {asked}.</p>}
          {sayings && <GoalWords sayings={sayings} send={send} />}
          {goalSize !== undefined && <GoalPicker size={goalSize} camera={frames.view ?? frames.camera} goal={goal} />}
        </figure>
        {cameraChannels.slice(1).map(
          (channel, i) =>
            frames[channel] && (
              <figure key={channel}>
                <figcaption>
                  <h2>{named(cameras[i + 1])}</h2>
                </figcaption>
                <div class="stack">
                  <Picture id={channel} frame={frames[channel]} label={`What ${cameras[i + 1]} sees now`} />
                </div>
              </figure>
            ),
        )}
        {frames.view && (
          <figure>
            <figcaption>
              <h2>What the mind looks at</h2>
            </figcaption>
            <div class="stack">
              <Picture id="view" frame={frames.view} label="All that the mind looks at, as one picture" />
            </div>
          </figure>
        )}
        {frames.imagined && (
          <figure>
            <figcaption>
              <h2>Imagined end</h2>
            </figcaption>
            <div class="stack">
              <Picture
                id="imagined"
                frame={frames.imagined}
                label="What is remembered that is most like the imagined end of the plan"
              />
            </div>
            {said && <p class="aside">{said.end}</p>}
          </figure>
        )}
        <ul class="legend" aria-label="Imagined paths">
          <li class="best">best plan</li>
          <li class="elite">{counted(paths?.elites)} elites</li>
          <li class="candidate">{counted(paths?.candidates)} candidates</li>
        </ul>
      </div>
    </div>
  ),
};

const named = (camera = '') => (camera === '' ? 'Camera' : `Camera ${camera}`);
const counted = (lines: readonly unknown[] | undefined) => lines?.length ?? 'no';
