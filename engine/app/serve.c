/* SPDX-License-Identifier: Apache-2.0 */
/* `shopbell serve`: the server. */
#include "app/command.h"
#include "app/arguments.h"
#include "base/count.h"
#include "base/log.h"
#include "base/str.h"
#include "server/server.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

enum { PROXIES_MAX = 16, TEXT_MAX = 1024 };

static bool is_address(const char *text)
{
	struct in6_addr bytes; /* room for either kind */
	return inet_pton(AF_INET, text, &bytes) == 1 || inet_pton(AF_INET6, text, &bytes) == 1;
}

/* "127.0.0.1:8080", "[::1]:8080", "8080", "0.0.0.0". `address` holds the text; false when it is none of these. */
static bool read_listen(const char *text, char address[TEXT_MAX], struct server_options *out)
{
	const char *colon = strrchr(text, ':');
	unsigned long long port = out->port;
	size_t len = strlen(text);
	struct str host = { text, len };
	bool is_bare_six = colon && text[0] != '[' && strchr(text, ':') != colon;
	if (str_number(host, 65535, &port)) {
		host.len = 0;
	} else if (colon && !is_bare_six && colon[1] != ']' && text[len - 1] != ']') {
		if (!str_number(str_of(colon + 1), 65535, &port))
			return false;
		host.len = (size_t)(colon - text);
	}
	if (host.len > 1 && host.ptr[0] == '[' && host.ptr[host.len - 1] == ']')
		host = str_part(host, 1, host.len - 2);
	if (str_is(host, "localhost"))
		host = STR_LIT("127.0.0.1");
	if (host.len >= TEXT_MAX)
		return false;
	if (host.len) {
		memcpy(address, host.ptr, host.len);
		address[host.len] = '\0';
		out->address = address;
	}
	out->port = (uint16_t)port;
	return is_address(out->address);
}

/* "10.0.0.1,10.0.0.2" in place. */
static bool read_proxies(char *text, const char *proxies[PROXIES_MAX], struct server_options *out)
{
	out->proxies = proxies;
	char *rest;
	for (char *part = strtok_r(text, ", ", &rest); part; part = strtok_r(NULL, ", ", &rest)) {
		if (out->proxy_count == PROXIES_MAX)
			return false;
		proxies[out->proxy_count++] = part;
	}
	return true;
}

static int serve(int argc, char **argv)
{
	struct server_options options = server_options_defaults();
	const char *listen = "", *proxy = "", *proxies[PROXIES_MAX];
	char address[TEXT_MAX], names[TEXT_MAX];
	bool is_verbose = false;
	const struct option_spec specs[] = {
		{ "--intents", &options.intents, NULL }, { "--data", &options.data, NULL },
		{ "--listen", &listen, NULL },           { "--proxy", &proxy, NULL },
		{ "--verbose", NULL, &is_verbose },
	};
	struct operands none;
	struct error err = { 0 };
	int status = arguments_read(argc, argv, specs, COUNT(specs), 0, 0, &none);
	if (status)
		return status;
	if (*listen && !read_listen(listen, address, &options)) {
		fprintf(stderr,
			"shopbell serve: \"%s\" is no ADDR:PORT, as 127.0.0.1:8080 is; the name of a machine is none\n",
			listen);
		return EXIT_USAGE;
	}
	snprintf(names, sizeof names, "%s", proxy);
	if (strlen(proxy) >= sizeof names || !read_proxies(names, proxies, &options)) {
		fprintf(stderr, "shopbell serve: more than %d proxies\n", PROXIES_MAX);
		return EXIT_USAGE;
	}
	if (is_verbose)
		log_set_level(LOG_DEBUG);
	if (!server_run(&options, &err))
		return EXIT_FINE;
	fprintf(stderr, "shopbell: %s\n", err.message);
	return EXIT_PROBLEM;
}

const struct command command_serve = {
	"serve",
	"answer visitors and agents: the server",
	"usage: shopbell serve [--intents DIR] [--data DIR] [--listen ADDR:PORT] [--proxy ADDR[,ADDR]] [--verbose]\n"
	"\n"
	"  --intents DIR       the folder of topic files; ./intents. It is watched: what you save there is used at "
	"once\n"
	"  --data DIR          where conversations are kept; ./data. Made when it is not there\n"
	"  --listen ADDR:PORT  127.0.0.1:8080; port 0 takes a free one. The first line on stdout says which\n"
	"  --proxy ADDR        the address of a proxy in front, whose X-Forwarded-For and X-Forwarded-Proto are "
	"believed\n"
	"  --verbose           also say why single connections were refused\n"
	"\n"
	"SIGTERM and Ctrl-C stop it cleanly, SIGHUP reads the topic files again.\n",
	serve,
};
