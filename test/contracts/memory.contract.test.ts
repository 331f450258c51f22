/** The log and the view store in memory keep the contracts. */
import {
  inMemoryLog,
  inMemoryViewStore,
  logContract,
  viewStoreContract,
} from '@grantlog/engine/testing'

logContract('the log in memory', async ({ clock }) => inMemoryLog({ clock }))
viewStoreContract('the view store in memory', async () => inMemoryViewStore())
