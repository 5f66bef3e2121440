import { writeFileSync } from 'node:fs';
import { robotJsonSchema } from '../src/drivers/ros/config-schema.ts';

/** Writes docs/robot.schema.json, which editors use to complete and check robot files: `npx tsx scripts/robot-schema.ts`. */
writeFileSync(new URL('../docs/robot.schema.json', import.meta.url), `${JSON.stringify(robotJsonSchema(), null, 2)}\n`);
