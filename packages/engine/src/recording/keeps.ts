/** Whether a decision is put on record, by what its account has chosen. Pure. */
import type { AccessRecording } from '@grantlog/domain'
import type { AccessCame } from './judged-access.js'

/** FNV-1a over the code units of a text: the same number in every process. 32 bits. */
const hashOf = (text: string): number => {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  // The low bits of FNV are its weakest; the high ones are folded in.
  return (hash ^ (hash >>> 15)) >>> 0
}

/** By the id of its request, so that all decisions of one request are kept, or none of them. */
export const keeps = (recording: AccessRecording, { outcome, requestId }: AccessCame): boolean => {
  switch (recording.type) {
    case 'All':
      return true
    case 'Denials':
      return outcome !== 'Allowed'
    case 'Sampled':
      return hashOf(requestId) % recording.oneIn === 0
    case 'Off':
      return false
  }
}
