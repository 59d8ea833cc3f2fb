const ALPHABET = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
/** 255 bytes are what file systems allow; dot, suffix dot and suffix need nine at most. */
const MAX_STEM_BYTES = 246;

/**
 * The name under which a file is built before it gets its real one: `.` + name + `.` + suffix. A leading
 * dot is not doubled, and with a directory of their own (`inTempDir`) the names get none
 * (docs/spec/data.md §9.2).
 */
export function temporaryName(name: string, suffix: string, inTempDir: boolean): string {
  let stem = name.startsWith('.') ? name.slice(1) : name;
  if (stem.length > MAX_STEM_BYTES) {
    stem = stem.slice(0, MAX_STEM_BYTES);
    // A cut inside a multi-byte character would leave an invalid name.
    let end = stem.length;
    while (end > 0 && stem.charCodeAt(end - 1) > 0x7f) end--;
    stem = stem.slice(0, end);
  }
  if (stem.endsWith('.')) stem = stem.slice(0, -1);
  return `${inTempDir && !name.startsWith('.') ? '' : '.'}${stem}.${suffix}`;
}

/**
 * Six characters that make a temporary name unlikely to be taken. They need not be secret: the file is
 * created exclusively.
 */
export function randomSuffix(): string {
  let suffix = '';
  for (let i = 0; i < 6; i++) suffix += ALPHABET[Math.floor(Math.random() * ALPHABET.length)];
  return suffix;
}
