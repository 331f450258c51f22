/** The log and the view store in memory keep the contracts. */
import { announcing, heeding } from '@grantlog/engine'
import {
  inMemoryHints,
  inMemoryLog,
  inMemoryViewStore,
  logContract,
  viewStoreContract,
  withHintFaults,
} from '@grantlog/engine/testing'

logContract('the log in memory', async ({ clock }) => inMemoryLog({ clock }))
viewStoreContract('the view store in memory', async () => inMemoryViewStore())
logContract('the log in memory, with hints that come late, twice or never', async ({ clock }) => {
  const hints = inMemoryHints()
  const bad = withHintFaults(hints, { seed: 1 })
  return heeding(announcing(inMemoryLog({ clock }), hints), bad).log
})
