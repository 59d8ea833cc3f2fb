import { lib } from '../../tsup.base.ts';

export default lib({ entry: ['src/index.ts', 'src/connection-process.ts'], platform: 'node' });
