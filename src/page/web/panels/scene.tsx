import { GoalPicker } from '../goal-picker.tsx';
import { Overlay } from '../overlay.tsx';
import type { Panel } from '../panel.ts';
import { Picture } from '../picture.tsx';

export const scene: Panel = {
  id: 'scene',
  title: 'Camera and goal',
  column: 'scene',
  View: ({ state: { frames, paths }, snapshot: { goalSize }, goal }) => (
    <div class="views">
      <figure class="camera">
        <figcaption>
          <h2>Camera</h2>
        </figcaption>
        <div class="stack">
          <Picture id="camera" frame={frames.camera} label="What the robot sees now" />
          <Overlay paths={paths} />
        </div>
      </figure>
      <div class="beside">
        <figure>
          <figcaption>
            <h2>Goal picture</h2>
          </figcaption>
          <div class="stack">
            <Picture id="goal" frame={frames.goal} label="What the robot wants to see" />
          </div>
          {goalSize !== undefined && <GoalPicker size={goalSize} camera={frames.camera} goal={goal} />}
        </figure>
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

const counted = (lines: readonly unknown[] | undefined) => lines?.length ?? 'no';
