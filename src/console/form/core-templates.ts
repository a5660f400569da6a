/** Nothing comes in; those of the form library's templates go out that the theme has none for (for vite.config.ts). */
import ArrayFieldDescriptionTemplate from '@rjsf/core/lib/components/templates/ArrayFieldDescriptionTemplate.js';
import ArrayFieldItemButtonsTemplate from '@rjsf/core/lib/components/templates/ArrayFieldItemButtonsTemplate.js';
import FallbackFieldTemplate from '@rjsf/core/lib/components/templates/FallbackFieldTemplate.js';
import UnsupportedFieldTemplate from '@rjsf/core/lib/components/templates/UnsupportedField.js';

export default function coreTemplates() {
  return {
    ...{ ArrayFieldDescriptionTemplate, ArrayFieldItemButtonsTemplate },
    ...{ FallbackFieldTemplate, UnsupportedFieldTemplate },
    // The library spreads what it finds here, and the theme's own follow.
    ButtonTemplates: {},
  };
}
