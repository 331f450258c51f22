/**
 * What the vault's file holds, as codecs: rows of keys and of secrets. A row of another shape is
 * damage.
 */
import * as t from 'io-ts'

const Bytes = new t.Type<Uint8Array, Uint8Array, unknown>(
  'Bytes',
  (input): input is Uint8Array => input instanceof Uint8Array,
  (input, context) => (input instanceof Uint8Array ? t.success(input) : t.failure(input, context)),
  t.identity,
)

/**
 * What a key is for: an account's data, session tokens, one person's data, signing the log, or the
 * pepper of an account's passwords.
 */
export const KeyKind = t.keyof(
  { account: null, session: null, subject: null, 'log-signing': null, pepper: null },
  'KeyKind',
)
export type KeyKind = t.TypeOf<typeof KeyKind>

/**
 * A pending key opens only; an active one seals too; a decrypt-only one opens what it once sealed.
 */
export const KeyState = t.keyof(
  { pending: null, active: null, 'decrypt-only': null, destroyed: null },
  'KeyState',
)
export type KeyState = t.TypeOf<typeof KeyState>

export const KeyRow = t.readonly(
  t.strict({
    id: t.number,
    kind: KeyKind,
    account_id: t.string,
    owner_id: t.string,
    state: KeyState,
    /** When it came into its state. Milliseconds since the epoch, UTC. */
    changed_at: t.number,
    root_key_id: t.string,
    /** Null once destroyed. */
    wrapped: t.union([Bytes, t.null]),
  }),
  'KeyRow',
)
export type KeyRow = t.TypeOf<typeof KeyRow>

export const SecretRow = t.readonly(
  t.strict({
    ref: t.string,
    account_id: t.string,
    owner_id: t.string,
    key_id: t.number,
    sealed: Bytes,
  }),
  'SecretRow',
)
export type SecretRow = t.TypeOf<typeof SecretRow>

/** Whose key: the account's, and in it the person's; empty where there is none. */
export type KeyOwner = {
  readonly kind: KeyKind
  readonly accountId: string
  readonly ownerId: string
}

/** Marks the file as a vault: 'glva' in ASCII. */
export const APPLICATION_ID = 0x676c7661

export const SCHEMA_VERSION = 1

/** An owner has at most one key that is to come and one that seals: two writers cannot make two. */
export const SCHEMA = `
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS keys (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  account_id TEXT NOT NULL,
  owner_id TEXT NOT NULL,
  state TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  root_key_id TEXT NOT NULL,
  wrapped BLOB
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS one_key_in_each_role ON keys (kind, account_id, owner_id, state)
  WHERE state IN ('pending', 'active');
CREATE INDEX IF NOT EXISTS keys_of_owner ON keys (kind, account_id, owner_id)
  WHERE state <> 'destroyed';
CREATE INDEX IF NOT EXISTS keys_by_root_key ON keys (root_key_id) WHERE state <> 'destroyed';
CREATE TABLE IF NOT EXISTS secrets (
  ref TEXT PRIMARY KEY,
  account_id TEXT NOT NULL,
  owner_id TEXT NOT NULL,
  key_id INTEGER NOT NULL REFERENCES keys (id),
  sealed BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS secrets_by_key ON secrets (key_id);
`
