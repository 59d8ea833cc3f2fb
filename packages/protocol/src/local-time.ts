const two = (n: number): string => String(n).padStart(2, '0');

/**
 * Seconds since the epoch as rsync writes times for people: local, `2020/01/02 03:04:05`, with
 * `between` in the middle.
 */
export function localTimeText(seconds: number, between = ' '): string {
  const t = new Date(seconds * 1000);
  const date = `${String(t.getFullYear()).padStart(4, '0')}/${two(t.getMonth() + 1)}/${two(t.getDate())}`;
  return `${date}${between}${two(t.getHours())}:${two(t.getMinutes())}:${two(t.getSeconds())}`;
}
