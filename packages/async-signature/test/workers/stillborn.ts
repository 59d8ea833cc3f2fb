/** A worker that ends its thread while it is being loaded. */
if (process.env.STILLBORN === 'throw') throw new Error('not today');
process.exit(4);

export function signBatch(): void {}
