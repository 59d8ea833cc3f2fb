/** What of `socket options` Node wants to know of each connection; the system knows the rest. */
export interface ConnectionOptions {
  readonly keepAlive: boolean;
  readonly noDelay: boolean;
}

/** Both are on unless the list sets them to 0. */
export function connectionOptions(list: string): ConnectionOptions {
  const last = (name: string): string | undefined =>
    list
      .split(/[ \t,]+/)
      .findLast((item) => item.startsWith(`${name}=`))
      ?.slice(name.length + 1);
  const isOn = (name: string): boolean => (Number.parseInt(last(name) ?? '1', 10) || 0) !== 0;
  return { keepAlive: isOn('SO_KEEPALIVE'), noDelay: isOn('TCP_NODELAY') };
}
