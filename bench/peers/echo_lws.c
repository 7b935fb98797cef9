/* SPDX-License-Identifier: Apache-2.0 */
/* A bare libwebsockets echo with nothing behind it, tuned as far as the library goes: libev, answers written at once,
 * no validity timer for each connection, 512 bytes to read into, writes not cut. What it reaches is the most that a
 * server on this library can. */
#include <libwebsockets.h>
#include <stdio.h>
#include <string.h>

enum { READ_BYTES = 512, WRITE_BYTES = 65536 };

/* Messages of this comparison fit into one read. */
static int on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	unsigned char answer[LWS_PRE + READ_BYTES];
	(void)user;
	if (reason != LWS_CALLBACK_RECEIVE)
		return 0;
	if (len > READ_BYTES)
		return -1;
	memcpy(answer + LWS_PRE, in, len);
	return lws_write(wsi, answer + LWS_PRE, len, LWS_WRITE_TEXT) < (int)len ? -1 : 0;
}

int main(void)
{
	static const struct lws_protocols protocols[] = {
		{ .name = "echo", .callback = on_event, .rx_buffer_size = READ_BYTES, .tx_packet_size = WRITE_BYTES },
		{ 0 },
	};
	static const lws_retry_bo_t no_validity_timers;
	struct lws_context_creation_info info = {
		.options = LWS_SERVER_OPTION_LIBEV | LWS_SERVER_OPTION_VALIDATE_UTF8 | LWS_SERVER_OPTION_DISABLE_IPV6 |
			   LWS_SERVER_OPTION_EXPLICIT_VHOSTS,
		.iface = "127.0.0.1",
		.port = 0,
		.protocols = protocols,
		.retry_and_idle_policy = &no_validity_timers,
	};
	lws_set_log_level(LLL_ERR, NULL);
	struct lws_context *context = lws_create_context(&info);
	struct lws_vhost *vhost = context ? lws_create_vhost(context, &info) : NULL;
	if (!vhost)
		return 1;
	printf("listening %d\n", lws_get_vhost_listen_port(vhost));
	fflush(stdout);
	lws_service(context, 0); /* on libev it comes back never: a signal ends the process */
	return 0;
}
