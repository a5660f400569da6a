/** Nothing comes in; the theme's templates go out that forms here use, one by one: its index brings a number formatter along. */
import ArrayFieldItemTemplate from '@rjsf/mantine/lib/templates/ArrayFieldItemTemplate.js';
import ArrayFieldTemplate from '@rjsf/mantine/lib/templates/ArrayFieldTemplate.js';
import ArrayFieldTitleTemplate from '@rjsf/mantine/lib/templates/ArrayFieldTitleTemplate.js';
import buttonTemplates from '@rjsf/mantine/lib/templates/ButtonTemplates/index.js';
import CyclicSchemaExpandTemplate from '@rjsf/mantine/lib/templates/CyclicSchemaExpandTemplate.js';
import DescriptionFieldTemplate from '@rjsf/mantine/lib/templates/DescriptionField.js';
import ErrorListTemplate from '@rjsf/mantine/lib/templates/ErrorList.js';
import FieldHelpTemplate from '@rjsf/mantine/lib/templates/FieldHelpTemplate.js';
import FieldTemplate from '@rjsf/mantine/lib/templates/FieldTemplate.js';
import GridTemplate from '@rjsf/mantine/lib/templates/GridTemplate.js';
import MultiSchemaFieldTemplate from '@rjsf/mantine/lib/templates/MultiSchemaFieldTemplate.js';
import ObjectFieldTemplate from '@rjsf/mantine/lib/templates/ObjectFieldTemplate.js';
import OptionalDataControlsTemplate from '@rjsf/mantine/lib/templates/OptionalDataControlsTemplate.js';
import TitleFieldTemplate from '@rjsf/mantine/lib/templates/TitleField.js';
import WrapIfAdditionalTemplate from '@rjsf/mantine/lib/templates/WrapIfAdditionalTemplate.js';
import { BaseInput } from './base-input.tsx';

export const themeTemplates = {
  ...{ ArrayFieldItemTemplate, ArrayFieldTemplate, ArrayFieldTitleTemplate },
  BaseInputTemplate: BaseInput,
  ButtonTemplates: buttonTemplates(),
  ...{ CyclicSchemaExpandTemplate, DescriptionFieldTemplate, ErrorListTemplate },
  ...{ FieldHelpTemplate, FieldTemplate, GridTemplate, MultiSchemaFieldTemplate, ObjectFieldTemplate },
  ...{ OptionalDataControlsTemplate, TitleFieldTemplate, WrapIfAdditionalTemplate },
};
