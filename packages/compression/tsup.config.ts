import { lib } from '../../tsup.base.ts';

export default lib({ platform: 'node' });
