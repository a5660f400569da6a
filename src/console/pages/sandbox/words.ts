/** The rules of a played vendor come in; what its screens call things goes out. Pure. */
import type { VendorRules, VendorWords } from '../../api/sandbox-answers.ts';

const usual: VendorWords = {
  name: 'Name',
  policy: 'policy',
  policies: 'Permission policies',
  accessKeys: 'Access keys',
  generate: 'Generate access key',
  regenerate: 'Regenerate',
};

/** The usual words where the vendor has none of its own, or has not answered yet. */
export const wordsOf = (rules?: Pick<VendorRules, 'words'>): VendorWords => ({ ...usual, ...rules?.words });
