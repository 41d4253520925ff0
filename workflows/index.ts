export { guard } from './guard/workflow.ts'
export { migration } from './migration/workflow.ts'
export { playbook } from './playbook/workflow.ts'
export { playbookDesk } from './playbook-desk/workflow.ts'
