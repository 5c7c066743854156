/** Contract tests, fakes and a settable clock for implementers of the extension points. */
@NullMarked
package io.powernode.dim.testkit;

import org.jspecify.annotations.NullMarked;
