"""The page on which a reader tells the editors that something about a story is not right.

No account, no session, no cookie, and so no CSRF token: nothing a visitor's browser keeps gives
any right here. It hides nothing; a person reads what was written.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from archive import concerns
from archive.forms_public import ConcernForm
from archive.models.story import Story
from archive.refusals import Refusal


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@never_cache
def tell(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask what is wrong, and pass it to the desk."""
    story = Story.objects.public().filter(public_id=public_id).first()
    if story is None:
        raise Http404
    form = ConcernForm(request.POST or None)
    context = {"story": story, "form": form, "section": "stories", "told": False}
    status = 200
    if request.method == "POST":
        status, context["told"] = _taken(story, form)
    response = render(request, "public/concern.html", context, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response


def _taken(story: Story, form: ConcernForm) -> tuple[int, bool]:
    """The status of the answer, and whether the desk was told (a machine is only thanked)."""
    if not form.is_valid():
        return 422, False
    said = form.cleaned_data
    try:
        if not form.trapped:
            concerns.raise_about(story.public_id, reason=said["reason"], words=said["words"])
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return 429, False
    return 200, True
