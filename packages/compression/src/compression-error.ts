/** When this is thrown, received data is not what its compressor would have written. */
export class CompressionError extends Error {
  override name: string = 'CompressionError';
}
