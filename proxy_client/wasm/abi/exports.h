// Marks a function that the host calls by `name`.
#pragma once

#define PROXY_WASM_EXPORT(name) extern "C" __attribute__((export_name(name)))
