/**
 * The sentences an operator reads when the server does not start: each names the fault and what
 * to do about it.
 */
import type { EventStoreOpenError } from '@grantlog/adapters/eventstoredb'
import type { OpenError } from '@grantlog/adapters/sqlite'
import type { OpenVaultError } from '@grantlog/adapters/vault'

const forOwnerAlone = (what: string, path: string, mode: string): string =>
  `${what} ${path} can be read by others (mode ${mode}). Take their access away, e.g. with: chmod go-rwx ${path}`

const unusable = (directory: string, detail: string): string =>
  `The data folder ${directory} can't be made or used (${detail}). Choose another with --data.`

const sqliteSentence = (
  error: Extract<OpenError, { readonly type: 'SqliteMissing' | 'SqliteTooOld' }>,
): string =>
  error.type === 'SqliteMissing'
    ? `No SQLite was found (${error.detail}). Run npm ci, which brings one for this Node.`
    : `SQLite ${error.version} can corrupt a log; ${error.needed} or newer is needed. Use a newer Node.`

export const sentenceOfLog = (error: OpenError): string => {
  switch (error.type) {
    case 'DirectoryTaken':
      return `The data folder ${error.directory} is in use by another process${
        error.pid === null ? '' : ` (pid ${error.pid})`
      }. Stop that one first, or choose another folder with --data.`
    case 'DirectoryUnreadable':
      return unusable(error.directory, error.detail)
    case 'LogDamaged':
      return `The log in ${error.directory} is damaged: ${error.detail}. Restore it from a backup; nothing was changed.`
    case 'SqliteMissing':
    case 'SqliteTooOld':
      return sqliteSentence(error)
  }
}

export const sentenceOfVault = (error: OpenVaultError): string => {
  switch (error.type) {
    case 'SqliteMissing':
    case 'SqliteTooOld':
      return sqliteSentence(error)
    case 'KeyFileExposed':
      return forOwnerAlone('The key file', error.keyFile, error.mode)
    case 'KeyFileMalformed':
      return `The key file ${error.keyFile} is not a key file of grantlog (${error.fault}).`
    case 'KeyFileMissing':
      return `The key file ${error.keyFile} is missing, and the vault can't be opened without it.`
    case 'KeyFileUnusable':
      return `The key file ${error.keyFile} can't be read: ${error.detail}`
    case 'VaultDirectoryExposed':
      return forOwnerAlone('The data folder', error.directory, error.mode)
    case 'VaultDirectoryUnusable':
      return unusable(error.directory, error.detail)
    case 'VaultFileExposed':
      return forOwnerAlone('The vault', error.file, error.mode)
    case 'VaultFileUnusable':
      return `The vault ${error.file} can't be opened: ${error.detail}`
    case 'VaultFileForeign':
      return `The vault ${error.file} is not a vault of this version of grantlog.`
    case 'RootKeyMismatch':
      return 'The key file does not open the vault: one of the two is from elsewhere.'
    case 'PasswordWorkOutOfRange':
      return 'The work for hashes of passwords is below the floor or above the ceiling.'
    case 'DeploymentIdMalformed':
      return 'The deployment id must be 8 to 64 letters, digits and hyphens.'
    case 'DeploymentMismatch':
      return `The vault belongs to the deployment ${error.actual}, not to ${error.expected}.`
  }
}

/** The connection string has secrets in it, so none of these repeats it. */
export const sentenceOfEventStore = (error: EventStoreOpenError): string => {
  switch (error.type) {
    case 'ConnectionStringInvalid':
      return `The connection string of the log can't be used: ${error.detail}.`
    case 'CaFileUnreadable':
      return `The certificate ${error.file} can't be read.`
    case 'ServerUnreachable':
    case 'LogUnavailable':
    case 'LogFailed':
    case 'OutcomeUnknown':
      return `EventStoreDB does not answer: ${error.detail}. See that it runs and that --log names it.`
    case 'EventTooLarge':
      return 'EventStoreDB holds an event that is larger than any of grantlog.'
  }
}

export const sentenceOfPort = (host: string, port: number, fault: unknown): string => {
  const code = (fault as { readonly code?: string }).code
  if (code === 'EADDRINUSE')
    return `Port ${port} on ${host} is taken by another process. Choose another with --port, or stop that process.`
  if (code === 'EACCES') return `Port ${port} may not be used by this user. Choose one above 1023.`
  if (code === 'EADDRNOTAVAIL') return `The address ${host} is not one of this machine.`
  return `The server can't listen on ${host}:${port}: ${(fault as Error).message}`
}
