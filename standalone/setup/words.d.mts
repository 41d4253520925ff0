type Sentences = Readonly<Record<string, unknown>>
export const sentences: { readonly en: Sentences; readonly zh: Sentences }
