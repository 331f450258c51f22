/**
 * The whole engine of the standalone server in this process, without its HTTP port.
 */
import { openSqliteLog, openSqliteViewStore } from '@grantlog/adapters/sqlite'
import { randomIds, systemClock } from '@grantlog/adapters/system'
import { openVault } from '@grantlog/adapters/vault'
import { QUOTA_MAX, quotasWith } from '@grantlog/domain'
import { openEngine } from '@grantlog/engine'
import { demand, rightOf } from './statistics.mjs'

/** An account that the benches never fill. */
const quotas = rightOf(
  quotasWith({
    usersPerAccount: QUOTA_MAX,
    groupsPerAccount: QUOTA_MAX,
    policiesPerAccount: QUOTA_MAX,
  }),
  'the quotas',
)

export const openLog = async (directory, mode = 'worker') =>
  rightOf(await openSqliteLog({ directory, clock: systemClock, mode }), 'the log does not open')

/**
 * Opens an engine on a log, with a vault and a view store in the folder; `cluster` as the engine
 * takes it, where the log is not this engine's alone.
 */
export const engineOn = async ({ directory, log, cluster }) => {
  const vault = rightOf(
    await openVault({ directory, clock: systemClock }),
    'the vault does not open',
  )
  const stored = await openSqliteViewStore({ directory, mode: 'worker' })
  const views = rightOf(stored, 'the view store does not open')
  const startedAt = performance.now()
  const opened = await openEngine({
    log,
    viewStore: views,
    vault,
    clock: systemClock,
    ids: randomIds(),
    quotas,
    ...(cluster === undefined ? {} : { cluster }),
    onStopped: (reason) => demand(reason === 'the engine is stopping', reason),
  })
  const engine = rightOf(opened, 'the engine does not open')
  return {
    engine,
    /** When its opening began, with vault and store open. */
    startedAt,
    /** The log stays open: it belongs to whoever opened it. */
    stop: async () => {
      await engine.stop()
      await views.close()
      await vault.close()
    },
  }
}
