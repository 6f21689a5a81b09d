"""People at the desk: who they are, invitations, roles, leaving; and care for oneself. Thin."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from archive import invitations
from archive.models.person import Invitation, Person, Role
from archive.refusals import Incomplete, Refusal
from archive.web.desk import desk, person_of
from archive.web.desk_forms import CareForm, InviteForm, JoinForm, RoleForm
from archive.web.numbers import number_in
from archive.web.refusing import say_why_not
from archive.web.share import private


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with an account, for administrators."""
    if person_of(request).role != Role.ADMINISTRATOR:
        raise PermissionDenied
    form, link, status = InviteForm(), "", 200
    if request.method == "POST" and request.POST.get("verb") == "invite":
        form = InviteForm(request.POST)
        if form.is_valid():
            token = invitations.invite(**form.cleaned_data, by=person_of(request))
            link = request.build_absolute_uri(reverse("desk_invited", args=[token]))
            form = InviteForm()
        else:
            status = 422
    elif request.method == "POST":
        _act(request)
        return redirect("desk_people")
    context = {
        "people": [
            (row, RoleForm(initial={"person": row.pk, "role": row.role}, auto_id=f"id_{row.pk}_%s"))
            for row in Person.objects.order_by("-is_active", "first_name", "username")
        ],
        "invitations": Invitation.objects.filter(used_at=None, taken_back=False),
        "form": form,
        "link": link,
        "invitation_days": settings.INVITATION_DAYS,
        "section": "people",
    }
    return render(request, "desk/people.html", context, status=status)


def _act(request: HttpRequest) -> None:
    """What an administrator does with an account or an invitation."""
    verb, by = request.POST.get("verb"), person_of(request)
    number = number_in(request.POST.get("person") or request.POST.get("invitation") or "")
    try:
        if verb == "uninvite":
            invitations.take_back(get_object_or_404(Invitation, pk=number), by=by)
        elif verb == "leave":
            invitations.leave(get_object_or_404(Person, pk=number), by=by)
        else:
            person = get_object_or_404(Person, pk=number)
            invitations.give_role(person, request.POST.get("role", ""), by=by)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return
    messages.success(request, _("Done, and in force from the next click on."))


@require_http_methods(["GET", "HEAD", "POST"])
@private
def invited(request: HttpRequest, token: str) -> HttpResponse:
    """What an invitation leads to: looking at it uses nothing, only sending the form does."""
    form = JoinForm(request.POST or None)
    try:
        invitation = invitations.read(token)
        if request.method == "POST" and form.is_valid():
            invitations.accept(token, **form.cleaned_data)
            messages.success(request, _("Welcome. Sign in, and set up your second factor."))
            return redirect("desk")
    except Incomplete as refusal:
        say_why_not(form, refusal)
    except Refusal as refusal:
        return render(request, "public/refused.html", {"sentence": str(refusal)}, status=410)
    status = 422 if form.errors else 200
    return render(
        request, "desk/invited.html", {"form": form, "invitation": invitation}, status=status
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def care(request: HttpRequest) -> HttpResponse:
    """How somebody wants to read what is hard to read."""
    person = person_of(request)
    form = CareForm(request.POST or None, initial=vars(person))
    if request.method == "POST" and form.is_valid():
        invitations.take_care(person, **form.cleaned_data)
        messages.success(request, _("Kept. Nobody else sees it."))
        return redirect("desk_care")
    status = 422 if form.errors else 200
    return render(request, "desk/care.html", {"form": form, "section": "care"}, status=status)
