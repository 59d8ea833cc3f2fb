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
import { describeBuild } from './version.ts';

/** What `--help`, `--version` and their like print; text. */
export function showText(request: ShowRequest): string {
  switch (request) {
    case 'help':
      return `${versionText(describeBuild())}\n${usage()}`;
    case 'daemon-help':
      return `${versionText(describeBuild())}\n${daemonUsage()}`;
    case 'version':
      return versionText(describeBuild());
    case 'version-json':
      return versionJson(describeBuild());
    case 'info-help':
      return verbosityHelp(INFO_FAMILY);
    case 'debug-help':
      return verbosityHelp(DEBUG_FAMILY);
  }
}
