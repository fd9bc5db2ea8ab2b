// What Jest runs before all tests: after a bare `npx tsc` the bundle would be of older modules.
import { bundle } from './bundle.mjs';

export default async () => {
  await bundle();
};
