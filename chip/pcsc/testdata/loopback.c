/*
 * Keeps vpcd on this machine: a bind to every address becomes one to 127.0.0.1.
 * The tests compile it and load it into the pcscd that they start:
 *     cc -shared -fPIC -o loopback.so loopback.c -ldl
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <netinet/in.h>
#include <sys/socket.h>

int bind(int fd, const struct sockaddr *address, socklen_t length)
{
	int (*next)(int, const struct sockaddr *, socklen_t) =
		(int (*)(int, const struct sockaddr *, socklen_t))dlsym(RTLD_NEXT, "bind");
	if (address->sa_family == AF_INET && length >= sizeof(struct sockaddr_in)) {
		struct sockaddr_in here = *(const struct sockaddr_in *)address;
		here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		return next(fd, (struct sockaddr *)&here, sizeof here);
	}
	return next(fd, address, length);
}
