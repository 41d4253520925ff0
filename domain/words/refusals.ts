import { words } from './message.ts'

/** Why a command of a person is refused. */
export const refusals = words({
  'migration-over': {
    en: 'The move of "{system}" is {standing:standing}; nothing more can be done in it. Launch a new one if the system has to move again.',
    zh: '“{system}”的迁移{standing:standing}，不能再操作。如需再次迁移，请重新发起。',
  },
})
