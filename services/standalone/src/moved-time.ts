/**
 * Moves this process's clock, so that the demo need not wait for a session to end. Server and
 * clients run in this one process, so both see the moved time.
 */

/** Lets `Date` run ahead by so many milliseconds more than before. */
export const moveTime = (milliseconds: number): void => {
  const Present = globalThis.Date
  globalThis.Date = new Proxy(Present, {
    construct: (target, args: []) =>
      args.length === 0 ? new target(target.now() + milliseconds) : new target(...args),
    get: (target, member) =>
      member === 'now' ? () => target.now() + milliseconds : Reflect.get(target, member),
  })
}
