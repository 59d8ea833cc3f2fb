import * as act from './actions.ts';
import * as field from './field-actions.ts';
import { implemented, type OptionRow, set } from './option-row.ts';
import { PIPELINE_ROWS } from './pipeline-rows.ts';

/** Options that turn a command line into a daemon's; see `DAEMON_TABLE`. */
export const DAEMON_SWITCHES: readonly string[] = [
  'daemon',
  'config',
  'dparam',
  'detach',
  'no-detach',
];

/** The options of `--daemon`, in the order of its help text. */
export const DAEMON_TABLE: readonly OptionRow[] = [
  implemented('--daemon', 'run as an rsync daemon', set('daemon')),
  implemented('--address=ADDRESS', 'bind to the specified address', field.text('address')),
  implemented('--bwlimit=RATE', 'limit socket I/O bandwidth', field.integer('bwlimit'), {
    integer: true,
  }),
  implemented('--config=FILE', 'specify alternate rsyncd.conf file', field.text('config')),
  implemented(
    '--dparam=OVERRIDE, -M',
    'override global daemon config parameter',
    act.addDaemonParameter,
  ),
  implemented('--detach', '', set('detach'), {
    negations: ['no-detach'],
    negate: set('detach', false),
    help: [['--no-detach', 'do not detach from the parent']],
    hidden: true,
  }),
  implemented('--port=PORT', 'listen on alternate port number', field.integer('port'), {
    integer: true,
  }),
  implemented(
    '--log-file=FILE',
    'override the "log file" setting',
    act.daemonParameter('log file'),
  ),
  implemented(
    '--log-file-format=FMT',
    'override the "log format" setting',
    act.daemonParameter('log format'),
  ),
  implemented(
    '--sockopts=OPTIONS',
    'specify custom TCP options',
    act.daemonParameter('socket options'),
  ),
  implemented('--verbose, -v', 'increase verbosity', field.count('verbose'), {
    negations: ['no-verbose', 'no-v'],
    negate: field.assign('verbose', 0),
  }),
  implemented('--ipv4, -4', 'prefer IPv4', act.preferFamily(4)),
  implemented('--ipv6, -6', 'prefer IPv6', act.preferFamily(6)),
  implemented('--help, -h', 'show this help (when used with --daemon)', act.requestHelp),
  implemented('--server', '', act.becomeServer, { hidden: true }),
  ...PIPELINE_ROWS,
];
