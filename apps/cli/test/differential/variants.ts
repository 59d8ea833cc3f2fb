/**
 * Who plays which part, and how the two are connected. What is compared with it is the same connection
 * with the real rsync on both ends.
 */
export type Variant = 'local' | `${'' | 'daemon-'}${'' | 'served-' | 'both-'}${Direction}`;

/** Seen from the client. */
export type Direction = 'pull' | 'push';

/** A connection with the real program on both ends. */
export type Reference = 'local' | Direction | `daemon-${Direction}`;

const DIRECTIONS: readonly Direction[] = ['pull', 'push'];
const ENDS = ['', 'served-', 'both-'] as const;
const CONNECTIONS = ['', 'daemon-'] as const;

/** All of them; those without a prefix are our client and the real server behind a remote shell. */
export const VARIANTS: readonly Variant[] = [
  'local',
  ...CONNECTIONS.flatMap((connection) =>
    ENDS.flatMap((ends) =>
      DIRECTIONS.map((direction): Variant => `${connection}${ends}${direction}`),
    ),
  ),
];

export const usesDaemon = (variant: Variant): boolean => variant.startsWith('daemon-');

/** Our program is the client, the server, or both. */
export const oursIsClient = (variant: Variant): boolean => !variant.includes('served-');
export const oursIsServer = (variant: Variant): boolean => /served-|both-/.test(variant);

/** Our program is the side that the files arrive at. */
export const oursReceives = (variant: Variant): boolean =>
  variant === 'local' || (variant.endsWith('pull') ? oursIsClient(variant) : oursIsServer(variant));

/** Not within one process. */
export const REMOTE: readonly Variant[] = VARIANTS.filter((variant) => variant !== 'local');

/** What a variant is compared with. */
export const referenceOf = (variant: Variant): Reference =>
  variant.replace(/served-|both-/, '') as Reference;
