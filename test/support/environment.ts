import { TestEnvironment } from 'jest-environment-node'

/**
 * Jest runs tests in a realm of its own, where an error of a Node module is no `instanceof Error`
 * (https://github.com/jestjs/jest/issues/2549). Here it is one, as it is outside of tests.
 */
export default class Environment extends TestEnvironment {
  override async setup(): Promise<void> {
    await super.setup()
    const innerError = this.global.Error
    const ordinary = Function.prototype[Symbol.hasInstance]
    Object.defineProperty(innerError, Symbol.hasInstance, {
      // Subclasses inherit this; only the question about Error itself has another answer.
      value(this: unknown, candidate: unknown) {
        return ordinary.call(this, candidate) || (this === innerError && candidate instanceof Error)
      },
    })
  }
}
