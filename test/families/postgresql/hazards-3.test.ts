import { describeHazards } from './hazard-lab.ts'

describeHazards(import.meta.filename)
