import { leaveFinalSync } from './cutover.ts'
import type { Folds } from './fold.ts'

/** The report and its signatures. */
export const recognitionFolds: Folds<
  'report-issued' | 'signoffs-voided' | 'report-amended' | 'signed-off' | 'recognised'
> = {
  'report-issued': (_, { data }) => ({
    report: data,
    reportsIssued: data.version,
    amendment: undefined,
    signoffs: [],
    recognised: false,
  }),
  'signoffs-voided': () => ({ signoffs: [], recognised: false }),
  // A window was taken for what the report said then.
  'report-amended': (m, { data }) => ({ ...leaveFinalSync(m), amendment: data.remark, cutover: undefined }),
  'signed-off': (m, { data }) => ({ signoffs: [...m.signoffs, data.signoff] }),
  recognised: () => ({ recognised: true }),
}
