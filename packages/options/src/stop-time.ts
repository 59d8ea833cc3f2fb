import { OptionError } from './option-error.ts';

/** Minutes from `now`; `--stop-after` reads leading digits only. Milliseconds since the epoch. */
export function parseStopAfter(text: string, now: number): number {
  const minutes = Number(/^\s*\+?([0-9]+)/.exec(text)?.[1] ?? 0);
  if (minutes <= 0) {
    throw new OptionError(`rsync: invalid --stop-after value: ${text}`, 'INVALID_VALUE');
  }
  return now + minutes * 60_000;
}

/**
 * Parse `--stop-at=[[Y-]M-]D[T[h:m]]`, `[T]h:m` or `:m` in local time, with `/` as good as `-` and
 * years below 100 in this or the next century. What is left out comes from the next moment that matches: an hour
 * that has passed today means tomorrow, `31` the next month that has 31 days. Milliseconds since the
 * epoch.
 */
export function parseStopAt(text: string, now: number): number {
  const invalid = (): OptionError =>
    new OptionError(`rsync: invalid --stop-at format: ${text}`, 'INVALID_VALUE');
  const wanted = parseFormat(text);
  if (wanted === undefined) throw invalid();
  const at = nextMatch(wanted, new Date(now));
  if (at === undefined) throw invalid();
  if (at.getTime() <= now) {
    throw new OptionError(`rsync: --stop-at time is not in the future: ${text}`, 'INVALID_VALUE');
  }
  return at.getTime();
}

/** The parts that were given; the missing ones are free. `month` counts from 0. */
interface Moment {
  readonly year: number | undefined;
  readonly month: number | undefined;
  readonly day: number | undefined;
  readonly hour: number | undefined;
  readonly minute: number;
}

const DATE = String.raw`(?:(?:(\d+)[-/])?(\d+)[-/])?(\d+)`;
const FORMAT = new RegExp(`^(?:${DATE}(?:[Tt](?:(\\d+):(\\d+))?)?|[Tt]?(\\d+):(\\d+)|:(\\d+))$`);

function parseFormat(text: string): Moment | undefined {
  const match = FORMAT.exec(text);
  if (match === null) return undefined;
  const part = (index: number): number | undefined =>
    match[index] === undefined ? undefined : Number(match[index]);
  const [year, month, day] = [part(1), part(2), part(3)];
  const hour = part(4) ?? part(6) ?? (day === undefined ? undefined : 0);
  const minute = part(5) ?? part(7) ?? part(8) ?? 0;
  if (month !== undefined && (month < 1 || month > 12)) return undefined;
  if (day !== undefined && (day < 1 || day > 31)) return undefined;
  if ((hour ?? 0) > 23 || minute > 59) return undefined;
  return {
    year,
    month: month === undefined ? undefined : month - 1,
    day,
    hour,
    minute,
  };
}

/** The first moment from `now` on that has the wanted parts; undefined when no date has them. */
function nextMatch(wanted: Moment, now: Date): Date | undefined {
  const { year, month, day, hour, minute } = wanted;
  if (day === undefined) {
    const at = new Date(now);
    at.setHours(hour ?? now.getHours(), minute, 0, 0);
    if (at <= now) at.setHours(at.getHours() + (hour === undefined ? 1 : 24));
    return at;
  }
  if (year !== undefined) {
    return new Date(fullYear(year, now), month ?? 0, day, hour, minute);
  }
  // Leap days come back after at most eight years, long months after at most two months.
  for (let step = 0; step <= 8; step++) {
    const at: Date =
      month === undefined
        ? new Date(now.getFullYear(), now.getMonth() + step, day, hour, minute)
        : new Date(now.getFullYear() + step, month, day, hour, minute);
    if (at.getDate() === day && at > now) return at;
  }
  return undefined;
}

/** The next year, from this one on, that ends in two digits; longer years stand for themselves. */
function fullYear(year: number, now: Date): number {
  if (year >= 100) return year;
  const thisYear = now.getFullYear();
  const candidate = thisYear - (thisYear % 100) + year;
  return candidate < thisYear ? candidate + 100 : candidate;
}
