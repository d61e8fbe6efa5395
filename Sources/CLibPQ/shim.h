// libpq's whole interface imports as it stands.
#include <libpq-fe.h>
