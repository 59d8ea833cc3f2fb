import { digestLength } from '@deltawire/checksums';
import type { EntryCodecOptions } from '@deltawire/protocol';
import { entryConversion } from './charset/entry-conversion.ts';
import type { Session } from './session.ts';

/** Which fields the entries of this session have. */
export function entryCodecOptions(session: Session): EntryCodecOptions {
  const { options, agreement } = session;
  return {
    uid: options.owner,
    gid: options.group,
    links: options.links,
    devices: options.devices,
    specials: options.specials,
    hardLinks: options.hardLinks,
    checksumLength: options.checksum ? digestLength(agreement.fileChecksum) : 0,
    atimes: options.atimes > 0,
    crtimes: options.crtimes,
    acls: options.acls,
    xattrs: options.xattrs > 0,
    inlineNames: agreement.dialect.incRecurse && !options.numericIds,
    relative: options.relative,
    recursive: options.recursive,
    missingArgs: options.missingArgs === 2,
    conversion: entryConversion(session),
  };
}
