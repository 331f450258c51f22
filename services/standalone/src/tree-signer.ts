/**
 * Signs the heads of the log's tree with the vault's signing key. The log is opened before the
 * vault, so the key comes later; no head is signed before.
 */
import type { KeyObject } from 'node:crypto'
import type { NoteSigner } from '@grantlog/adapters/sqlite'

type SigningVault = {
  readonly deploymentId: string
  readonly logSigningKey: () => {
    readonly publicKey: KeyObject
    readonly sign: (text: string) => Uint8Array
  }
}

export const treeSigner = (): {
  readonly signer: NoteSigner
  readonly use: (vault: SigningVault) => void
} => {
  let vault: SigningVault | undefined
  const ready = (): SigningVault => {
    if (vault === undefined) throw new Error('a tree head is due before the vault is open')
    return vault
  }
  return {
    signer: {
      get origin() {
        return `grantlog/${ready().deploymentId}`
      },
      get publicKey() {
        return ready().logSigningKey().publicKey
      },
      sign: (text) => ready().logSigningKey().sign(text),
    },
    use: (opened) => {
      vault = opened
    },
  }
}
