import { lookup, lookupService } from 'node:dns/promises';
import { plainAddress } from './access.ts';

/** What a host is called when nobody asked. */
export const UNDETERMINED = 'UNDETERMINED';
/** What a host is called when its name is missing or does not lead back to its address. */
export const UNKNOWN = 'UNKNOWN';

/** The name of a peer, believed only when it resolves to the same address again. */
export async function lookUpHostName(address: string, port: number): Promise<string> {
  try {
    const { hostname } = await lookupService(address, port);
    if (hostname === address) return UNKNOWN;
    const found = await lookup(hostname, { all: true });
    const confirmed = found.some((entry) => plainAddress(entry.address) === address);
    return confirmed ? hostname : UNKNOWN;
  } catch {
    // No name service, no such name, an address that has none: unknown in every case.
    return UNKNOWN;
  }
}
