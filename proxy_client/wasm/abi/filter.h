// All of the wrapper, for a filter to include.
#pragma once

#include "buffer.h"
#include "call.h"
#include "clock.h"
#include "context.h"
#include "headers.h"
#include "log.h"
#include "memory.h"
#include "metric.h"
#include "pairs.h"
#include "property.h"
#include "random.h"
#include "reply.h"
#include "route.h"
#include "router.h"
#include "shared_data.h"
