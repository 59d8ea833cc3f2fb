import {
  DEBUG_FAMILY,
  daemonUsage,
  INFO_FAMILY,
  type ShowRequest,
  usage,
  verbosityHelp,
} from '@deltawire/options';
import { versionJson, versionText } from './version.ts';

/** What `--help`, `--version` and their like print; text. */
export function showText(request: ShowRequest): string {
  switch (request) {
    case 'help':
      return `${versionText()}\n${usage()}`;
    case 'daemon-help':
      return `${versionText()}\n${daemonUsage()}`;
    case 'version':
      return versionText();
    case 'version-json':
      return versionJson();
    case 'info-help':
      return verbosityHelp(INFO_FAMILY);
    case 'debug-help':
      return verbosityHelp(DEBUG_FAMILY);
  }
}
