/** Nothing comes in; the form library's fields go out but those that lay forms out in a grid (for vite.config.ts). */
import ArrayField from '@rjsf/core/lib/components/fields/ArrayField.js';
import BooleanField from '@rjsf/core/lib/components/fields/BooleanField.js';
import CyclicSchemaField from '@rjsf/core/lib/components/fields/CyclicSchemaField.js';
import FallbackField from '@rjsf/core/lib/components/fields/FallbackField.js';
import MultiSchemaField from '@rjsf/core/lib/components/fields/MultiSchemaField.js';
import NullField from '@rjsf/core/lib/components/fields/NullField.js';
import NumberField from '@rjsf/core/lib/components/fields/NumberField.js';
import ObjectField from '@rjsf/core/lib/components/fields/ObjectField.js';
import OptionalDataControlsField from '@rjsf/core/lib/components/fields/OptionalDataControlsField.js';
import SchemaField from '@rjsf/core/lib/components/fields/SchemaField.js';
import StringField from '@rjsf/core/lib/components/fields/StringField.js';

export default function coreFields() {
  return {
    ...{ AnyOfField: MultiSchemaField, OneOfField: MultiSchemaField },
    ...{ ArrayField, BooleanField, CyclicSchemaField, FallbackField, NullField, NumberField, ObjectField },
    ...{ OptionalDataControlsField, SchemaField, StringField },
  };
}
