/**
 * What tests of this repository share. Private: it may change with any test.
 *
 * @packageDocumentation
 */

export { type CompareTreesOptions, compareTrees, type TreeAspect } from './compare-trees.ts';
export { type ConnectionPairOptions, connectionPair, type PairEnd } from './connection-pair.ts';
export { deltawireCommand } from './deltawire-command.ts';
export { createRandom, everySplit, randomBytes } from './every-split.ts';
export { findProgram, findRsync } from './find-rsync.ts';
export {
  type GoldenDescription,
  type GoldenSession,
  goldenFile,
  goldenSession,
  goldenSessions,
  loadVectors,
} from './golden.ts';
export {
  type MakeTreeOptions,
  makeTree,
  setTimes,
  type TreeAttributes,
  type TreeEntry,
  type TreeSpec,
} from './make-tree.ts';
export { announcedOutput, readmeExample, runExample } from './readme-example.ts';
export {
  answers,
  type DaemonModules,
  freePort,
  type RealDaemon,
  realDaemon,
  startDaemon,
} from './real-daemon.ts';
export { remoteShellScript } from './remote-shell.ts';
export { type ProcessResult, type RunProcessOptions, runProcess } from './run-process.ts';
export {
  readAll,
  type ScriptedConnection,
  scriptedConnection,
  silentConnection,
} from './scripted-connection.ts';
export { SMALL_TREE } from './small-tree.ts';
export { type SocketPair, socketPair } from './socket-pair.ts';
export { type TemporaryDirectory, temporaryDirectory } from './temporary-directory.ts';
