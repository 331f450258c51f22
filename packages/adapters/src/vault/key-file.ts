/**
 * The root key in a file: one line per key, `rk-1` and 32 random bytes as base64url; the last line
 * is current.
 *
 * There are two lines only while a rotation is under way. Invariant: a file that others may read,
 * or that is not exactly of this form, is refused; a file is written beside its place and moved
 * there, never changed.
 */
import * as fs from 'node:fs'
import * as path from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import {
  isWeakKey,
  type RootKey,
  type RootKeyError,
  type RotatableRootKey,
  rootKeyId,
  rootKeysHeld,
} from './root-key.js'
import { decodeSealed, freshKeyBytes } from './sealing.js'

/** A key file with two keys has about 100 bytes. Unit: bytes. */
const KEY_FILE_BYTES_MAX = 1024

const LINE = /^rk-([1-9][0-9]{0,8}) ([A-Za-z0-9_-]{43})$/

export type KeyFileError =
  | { readonly type: 'KeyFileExposed'; readonly keyFile: string; readonly mode: string }
  | {
      readonly type: 'KeyFileMalformed'
      readonly keyFile: string
      readonly fault: 'size' | 'form' | 'weak' | 'order'
    }
  | { readonly type: 'KeyFileMissing'; readonly keyFile: string }
  | { readonly type: 'KeyFileUnusable'; readonly keyFile: string; readonly detail: string }

/** The code of what a file operation threw; never its message, which may quote contents. */
export const fileFault = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown'

/** The permission bits as they are usually written, when anyone but the owner has one. */
export const exposedMode = (mode: number): string | null =>
  (mode & 0o077) === 0 ? null : `0${(mode & 0o777).toString(8)}`

const format = (keys: ReadonlyArray<RootKey>): string =>
  keys.map(({ number, bytes }) => `${rootKeyId(number)} ${bytes.toString('base64url')}\n`).join('')

const parse = (
  keyFile: string,
  text: string,
): E.Either<KeyFileError, readonly [RootKey, ...RootKey[]]> => {
  const malformed = (fault: 'form' | 'weak' | 'order') =>
    E.left<KeyFileError>({ type: 'KeyFileMalformed', keyFile, fault })
  const keys: Array<RootKey> = []
  for (const line of text.replace(/\n$/, '').split('\n')) {
    const [, digits, encoded] = LINE.exec(line) ?? []
    const bytes = encoded === undefined ? null : decodeSealed(encoded, 43)
    if (bytes === null) return malformed('form')
    if (isWeakKey(bytes)) return malformed('weak')
    const number = Number(digits)
    if (number <= (keys[keys.length - 1]?.number ?? 0)) return malformed('order')
    keys.push({ number, bytes })
  }
  const [first, ...rest] = keys
  return first === undefined ? malformed('form') : E.right([first, ...rest])
}

const syncDirectory = (directory: string): void => {
  const handle = fs.openSync(directory, 'r')
  try {
    fs.fsyncSync(handle)
  } finally {
    fs.closeSync(handle)
  }
}

/**
 * Writes a whole file beside its place, on disk before it is moved there. `create` refuses to
 * replace.
 */
const write = (keyFile: string, text: string, manner: 'create' | 'replace'): void => {
  const draft = `${keyFile}.new`
  fs.rmSync(draft, { force: true })
  const handle = fs.openSync(draft, 'wx', 0o600)
  try {
    fs.writeSync(handle, text)
    fs.fsyncSync(handle)
  } finally {
    fs.closeSync(handle)
  }
  if (manner === 'replace') fs.renameSync(draft, keyFile)
  else {
    fs.linkSync(draft, keyFile)
    fs.unlinkSync(draft)
  }
  syncDirectory(path.dirname(keyFile))
}

/** The text of the file, read from the very file whose permissions were looked at. */
const read = (keyFile: string): E.Either<KeyFileError, string> => {
  const handle = fs.openSync(keyFile, 'r')
  try {
    const { mode, size } = fs.fstatSync(handle)
    const exposed = exposedMode(mode)
    if (exposed !== null) return E.left({ type: 'KeyFileExposed', keyFile, mode: exposed })
    if (size === 0 || size > KEY_FILE_BYTES_MAX)
      return E.left({ type: 'KeyFileMalformed', keyFile, fault: 'size' })
    return E.right(fs.readFileSync(handle, 'utf8'))
  } finally {
    fs.closeSync(handle)
  }
}

/**
 * Opens the key file. An absent one is made, once: only when `mayCreate`, for what was sealed with
 * a lost key is lost, and a new key would hide it.
 */
export const openKeyFile = (
  keyFile: string,
  mayCreate: boolean,
): E.Either<KeyFileError, RotatableRootKey> => {
  try {
    if (!fs.existsSync(keyFile)) {
      if (!mayCreate) return E.left({ type: 'KeyFileMissing', keyFile })
      write(keyFile, format([{ number: 1, bytes: freshKeyBytes() }]), 'create')
    }
    const text = read(keyFile)
    if (E.isLeft(text)) return text
    const keys = parse(keyFile, text.right)
    if (E.isLeft(keys)) return keys
    return E.right(rootKeysHeld(keys.right, (next) => replaceKeys(keyFile, next)))
  } catch (error) {
    return E.left({ type: 'KeyFileUnusable', keyFile, detail: fileFault(error) })
  }
}

const replaceKeys = (
  keyFile: string,
  keys: ReadonlyArray<RootKey>,
): E.Either<RootKeyError, void> => {
  try {
    write(keyFile, format(keys), 'replace')
    return E.right(undefined)
  } catch (error) {
    return E.left({ type: 'RootKeyUnavailable', detail: fileFault(error) })
  }
}
