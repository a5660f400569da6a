/** Nothing comes in; those of the form library's widgets go out that the theme has none for (for vite.config.ts). */
import DateTimeWidget from '@rjsf/core/lib/components/widgets/DateTimeWidget.js';
import DateWidget from '@rjsf/core/lib/components/widgets/DateWidget.js';
import EmailWidget from '@rjsf/core/lib/components/widgets/EmailWidget.js';
import HiddenWidget from '@rjsf/core/lib/components/widgets/HiddenWidget.js';
import TextWidget from '@rjsf/core/lib/components/widgets/TextWidget.js';
import TimeWidget from '@rjsf/core/lib/components/widgets/TimeWidget.js';
import UpDownWidget from '@rjsf/core/lib/components/widgets/UpDownWidget.js';
import URLWidget from '@rjsf/core/lib/components/widgets/URLWidget.js';

export default function coreWidgets() {
  return {
    ...{ DateTimeWidget, DateWidget, EmailWidget, HiddenWidget, TextWidget, TimeWidget, UpDownWidget },
    URLWidget,
    // The formats "color" and "data-url" of a schema ask for these; a text can be typed for both.
    ...{ ColorWidget: TextWidget, FileWidget: TextWidget },
  };
}
