import { OptionError } from './option-error.ts';
import type { Draft } from './option-row.ts';

/**
 * `--backup`, `--backup-dir` and `--suffix`: the default suffix, and the rule that keeps backups beside
 * their originals from being deleted (docs/spec/data.md §8.7, §9.7).
 */
export function applyBackup({ options, suffix, isServer }: Draft): void {
  if (options.backupDir !== undefined) options.backup = true;
  options.suffix = suffix ?? (options.backupDir === undefined ? '~' : '');
  if (options.suffix.includes('/')) {
    throw invalid(`rsync: --suffix cannot contain slashes: ${options.suffix}`);
  }
  if (options.backupDir !== undefined) {
    const directory = options.backupDir.replace(/^(\.\/+)+/, '');
    if (directory === '' || directory === '.') delete options.backupDir;
    else options.backupDir = directory;
    if (options.backupDir === undefined && options.suffix === '') {
      throw invalid(
        'rsync: --suffix cannot be empty when --backup-dir is the same as the dest dir',
      );
    }
  } else if (options.suffix === '') {
    throw invalid('rsync: --suffix cannot be empty without a --backup-dir');
  }
  const { backup, backupDir, deleteMode, deleteExcluded } = options;
  if (backup && backupDir === undefined && deleteMode !== 'none' && !deleteExcluded && !isServer) {
    options.filters.push({ kind: 'filter', text: `P *${options.suffix}` });
  }
}

const invalid = (message: string): OptionError => new OptionError(message, 'INVALID_VALUE');
