import {
  DEBUG_FAMILY,
  daemonUsage,
  INFO_FAMILY,
  type ShowRequest,
  usage,
  verbosityHelp,
  versionJson,
  versionText,
} from '@deltawire/options';
import { BUILD } from './version.ts';

/** What `--help`, `--version` and their like print; text. */
export function showText(request: ShowRequest): string {
  switch (request) {
    case 'help':
      return `${versionText(BUILD)}\n${usage()}`;
    case 'daemon-help':
      return `${versionText(BUILD)}\n${daemonUsage()}`;
    case 'version':
      return versionText(BUILD);
    case 'version-json':
      return versionJson(BUILD);
    case 'info-help':
      return verbosityHelp(INFO_FAMILY);
    case 'debug-help':
      return verbosityHelp(DEBUG_FAMILY);
  }
}
