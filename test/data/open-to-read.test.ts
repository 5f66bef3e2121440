import { expect, it } from 'vitest';
import { openToRead } from '../../src/data/open-to-read.ts';
import { DamagedRecording } from '../../src/errors.ts';

it('opens what is there', async () => {
  const file = await openToRead('package.json');
  expect((await file.read(Buffer.alloc(1), 0, 1, 0)).bytesRead).toBe(1);
  await file.close();
});

it('says of a recording that is not there how one is made', async () => {
  const error = await openToRead('nowhere.mcap').catch((error) => error);
  expect(error).toBeInstanceOf(DamagedRecording);
  expect(error.message).toBe('there is no file or folder at nowhere.mcap');
  expect(error.hint).toMatch(/--record FILE/);
});

it('says why a path cannot be read', async () => {
  const error = await openToRead('package.json/within').catch((error) => error);
  expect(error.message).toMatch(/^cannot read package\.json\/within: ENOTDIR/);
});
