"""Serves a Matroska file by RTSP with GStreamer: PORT CODEC FILE PATH [USERNAME PASSWORD METHOD]."""

import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer

ROLE = "viewer"
ELEMENTS = {
    "h264": ["h264parse", "rtph264pay"],
    "h265": ["h265parse", "rtph265pay"],
}
METHODS = {"basic": GstRtsp.RTSPAuthMethod.BASIC, "md5": GstRtsp.RTSPAuthMethod.DIGEST}


def check_elements():
    for name in ["matroskademux", *ELEMENTS["h264"], *ELEMENTS["h265"]]:
        if Gst.ElementFactory.find(name) is None:
            sys.exit(f"GStreamer has no element {name}")


def create_factory(codec, file):
    parser, payloader = ELEMENTS[codec]
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(
        f"( filesrc location={file} ! matroskademux ! {parser} ! "
        f"{payloader} name=pay0 pt=96 config-interval=-1 )"
    )
    factory.set_shared(True)
    return factory


def require_credentials(server, factory, username, password, method):
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", ROLE)
    auth = GstRtspServer.RTSPAuth()
    auth.set_supported_methods(METHODS[method])
    if method == "basic":
        auth.add_basic(GstRtspServer.RTSPAuth.make_basic(username, password), token)
    else:
        auth.add_digest(username, password, token)
    server.set_auth(auth)
    permissions = GstRtspServer.RTSPPermissions()
    for permission in ["media.factory.access", "media.factory.construct"]:
        permissions.add_permission_for_role(ROLE, permission, True)
    factory.set_permissions(permissions)


def main(port, codec, file, path, *credentials):
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(port)
    factory = create_factory(codec, file)
    if credentials:
        require_credentials(server, factory, *credentials)
    server.get_mount_points().add_factory(f"/{path}", factory)
    server.attach(None)
    GLib.MainLoop().run()


Gst.init(None)
check_elements()
if sys.argv[1:]:
    main(*sys.argv[1:])
